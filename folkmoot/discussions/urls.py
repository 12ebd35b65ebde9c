"""What a community talks about."""

from django.urls import path

from folkmoot.discussions.views import posts, reports, threads

_HERE = "communities/<slug:slug>/threads/"

urlpatterns = [
    path(_HERE, threads.threads, name="threads"),
    path(f"{_HERE}new/", threads.new, name="new_thread"),
    path(f"{_HERE}reading/", threads.reading, name="threads_reading"),
    path(f"{_HERE}<int:pk>/export.<slug:form>", threads.export, name="thread_export"),
    path(f"{_HERE}reports/", reports.reports, name="thread_reports"),
    path(f"{_HERE}reports/<int:pk>/settlement/", reports.settlement, name="report_settlement"),
    path(f"{_HERE}<int:pk>/posts/<int:number>/report/", reports.report, name="post_report"),
    path(f"{_HERE}<int:pk>/", threads.thread, name="thread"),
    path(f"{_HERE}<int:pk>/posts/", threads.posts, name="thread_posts"),
    path(f"{_HERE}<int:pk>/lock/", threads.lock, name="thread_lock"),
    path(f"{_HERE}<int:pk>/following/", threads.following, name="thread_following"),
    path(f"{_HERE}<int:pk>/answer/", threads.answer, name="thread_answer"),
    path(f"{_HERE}<int:pk>/posts/<int:number>/edit/", posts.edit, name="post_edit"),
    path(f"{_HERE}<int:pk>/posts/<int:number>/removal/", posts.removal, name="post_removal"),
    path(f"{_HERE}<int:pk>/posts/<int:number>/history/", posts.history, name="post_history"),
]
