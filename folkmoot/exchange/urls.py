"""Importing and exporting."""

from django.urls import path

from folkmoot.exchange.views.events import calendar_import, report
from folkmoot.exchange.views.exports import export_file, export_list, exports
from folkmoot.exchange.views.imports import (
    import_application,
    import_columns,
    import_progress,
    import_removal,
    import_run,
    imports,
)

urlpatterns = [
    path("communities/<slug:slug>/events/import/", calendar_import, name="calendar_import"),
    path("events/<int:pk>/report/", report, name="event_report"),
    path("programme/export/", exports, name="export"),
    path("programme/export/recent/", export_list, name="export_list"),
    path("programme/export/<int:pk>/", export_file, name="export_file"),
    path("programme/import/", imports, name="import"),
    path("programme/import/<int:pk>/", import_run, name="import_run"),
    path("programme/import/<int:pk>/progress/", import_progress, name="import_progress"),
    path("programme/import/<int:pk>/columns/", import_columns, name="import_columns"),
    path("programme/import/<int:pk>/application/", import_application, name="import_application"),
    path("programme/import/<int:pk>/removal/", import_removal, name="import_removal"),
]
