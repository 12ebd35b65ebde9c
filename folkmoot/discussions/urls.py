"""What a community talks about."""

from django.urls import path

from folkmoot.discussions.views import posts, reports, thread, threads

_HERE = "communities/<slug:slug>/threads/"
_THREAD = f"{_HERE}<int:pk>/"
_POST = f"{_THREAD}posts/<int:number>/"

urlpatterns = [
    path(_HERE, threads.threads, name="threads"),
    path(f"{_HERE}new/", threads.new, name="new_thread"),
    path(f"{_HERE}reading/", threads.reading, name="threads_reading"),
    path(f"{_HERE}likely/", threads.likely, name="likely_threads"),
    path(f"{_HERE}mentionable/", threads.mentionable, name="mentionable"),
    path(f"{_HERE}draft/", threads.draft, name="thread_draft"),
    path(f"{_HERE}reports/", reports.reports, name="thread_reports"),
    path(f"{_HERE}reports/<int:pk>/settlement/", reports.settlement, name="report_settlement"),
    path(_THREAD, thread.thread, name="thread"),
    path(f"{_THREAD}posts/", thread.posts, name="thread_posts"),
    path(f"{_THREAD}export.<slug:form>", thread.export, name="thread_export"),
    path(f"{_THREAD}lock/", thread.lock, name="thread_lock"),
    path(f"{_THREAD}move/", thread.move, name="thread_move"),
    path(f"{_THREAD}following/", thread.following, name="thread_following"),
    path(f"{_THREAD}answer/", thread.answer, name="thread_answer"),
    path(f"{_POST}edit/", posts.edit, name="post_edit"),
    path(f"{_POST}removal/", posts.removal, name="post_removal"),
    path(f"{_POST}hiding/", posts.hiding, name="post_hiding"),
    path(f"{_POST}history/", posts.history, name="post_history"),
    path(f"{_POST}report/", reports.report, name="post_report"),
    path(f"{_POST}reactions/", posts.reactions, name="post_reactions"),
    path(f"{_POST}attachments/<int:file>/", posts.attachment, name="post_attachment"),
]
