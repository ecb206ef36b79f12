"""The dashboard's addresses. Ids of numbers and records are the registry's own."""

from django.urls import path, register_converter

from dashboard.protocol import MAX_ID_DIGITS
from dashboard.web.views import (
    account,
    audit,
    blocks,
    bulk,
    credentials,
    deletes,
    dns,
    history,
    home,
    imports,
    invitations,
    jobs,
    members,
    mirror,
    notes,
    number_history,
    numbers,
    person,
    preview,
    record_templates,
    records,
    registries,
    search,
    shares,
    teams,
    tokens,
    undo,
    watches,
    webhooks,
)


class IdConverter:
    """As many digits as fit a database's big integer, so that no id in an address can fail later."""

    regex = rf"[0-9]{{1,{MAX_ID_DIGITS}}}"

    def to_python(self, value: str) -> int:
        """The id."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Its digits."""
        return str(value)


register_converter(IdConverter, "id")

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("credentials/", credentials.credential_list, name="credentials"),
    path("credentials/add/", credentials.credential_add, name="credential-add"),
    path("credentials/<id:pk>/", credentials.credential_detail, name="credential"),
    path("credentials/<id:pk>/check/", credentials.credential_check, name="credential-check"),
    path("credentials/<id:pk>/refresh/", mirror.credential_refresh, name="credential-refresh"),
    path("credentials/<id:pk>/overview/", mirror.credential_overview, name="credential-overview"),
    path("credentials/<id:pk>/delete/", credentials.credential_delete, name="credential-delete"),
    path("credentials/<id:pk>/share/", shares.credential_share, name="credential-share"),
    path("credentials/<id:pk>/unshare/", shares.credential_unshare, name="credential-unshare"),
    path("credentials/<id:pk>/hand-over/", shares.credential_hand_over, name="credential-hand-over"),
    path("credentials/<id:pk>/numbers/", numbers.number_list, name="numbers"),
    path("credentials/<id:pk>/numbers/<id:number_id>/", records.number_detail, name="number"),
    path("credentials/<id:pk>/dns/", dns.credential_dns, name="credential-dns"),
    path("credentials/<id:pk>/numbers/<id:number_id>/dns/", dns.number_dns, name="number-dns"),
    path("credentials/<id:pk>/numbers/<id:number_id>/block/", blocks.number_block, name="number-block"),
    path("credentials/<id:pk>/numbers/<id:number_id>/history/", number_history.number_history, name="number-history"),
    path("credentials/<id:pk>/numbers/<id:number_id>/restore/", undo.number_restore, name="number-restore"),
    path("credentials/<id:pk>/numbers/<id:number_id>/note/", notes.number_note, name="number-note"),
    path("credentials/<id:pk>/numbers/<id:number_id>/add/", records.record_add, name="record-add"),
    path(
        "credentials/<id:pk>/numbers/<id:number_id>/delete-all/", deletes.record_delete_all, name="record-delete-all"
    ),
    path("credentials/<id:pk>/numbers/<id:number_id>/records/<id:record_id>/", records.record_edit, name="record"),
    path(
        "credentials/<id:pk>/numbers/<id:number_id>/records/<id:record_id>/move/",
        records.record_move,
        name="record-move",
    ),
    path(
        "credentials/<id:pk>/numbers/<id:number_id>/records/<id:record_id>/delete/",
        deletes.record_delete,
        name="record-delete",
    ),
    path("preview/", preview.record_preview, name="record-preview"),
    path("search/", search.search, name="search"),
    path("search/count/", search.search_count, name="search-count"),
    path("search/save/", search.search_save, name="search-save"),
    path("search/saved/<id:pk>/", search.search_rename, name="search-saved"),
    path("search/saved/<id:pk>/remove/", search.search_remove, name="search-remove"),
    path("import/", imports.import_add, name="import"),
    path("import/<id:pk>/", imports.import_detail, name="import-detail"),
    path("export/", imports.export, name="export"),
    path("history/", history.history, name="history"),
    path("history/<id:pk>/undo/", undo.change_undo, name="change-undo"),
    path("history/<id:pk>/", history.change_detail, name="change"),
    path("history/<id:pk>/settle/", history.change_settle, name="change-settle"),
    path("accounts/", account.account, name="account"),
    path("accounts/sessions/<id:pk>/end/", account.session_end, name="session-end"),
    path("registries/", registries.registry_list, name="registries"),
    path("teams/", teams.team_list, name="teams"),
    path("teams/add/", teams.team_add, name="team-add"),
    path("teams/<id:pk>/", teams.team_detail, name="team"),
    path("teams/<id:pk>/approval/", teams.team_approval, name="team-approval"),
    path("teams/<id:pk>/leave/", members.team_leave, name="team-leave"),
    path("teams/<id:pk>/delete/", teams.team_delete, name="team-delete"),
    path("teams/<id:pk>/invite/", invitations.team_invite, name="team-invite"),
    path("teams/<id:pk>/invitations/<id:invitation>/take-back/", invitations.take_back, name="invitation-take-back"),
    path("teams/<id:pk>/members/<id:member>/", members.member_detail, name="member"),
    path("teams/<id:pk>/members/<id:member>/remove/", members.member_remove, name="member-remove"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("tokens/", tokens.token_list, name="tokens"),
    path("tokens/add/", tokens.token_add, name="token-add"),
    path("tokens/<id:pk>/revoke/", tokens.token_revoke, name="token-revoke"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export/", audit.audit_export, name="audit-export"),
    path("watches/", watches.watch_list, name="watches"),
    path("watches/add/", watches.watch_add, name="watch-add"),
    path("watches/<id:pk>/", watches.watch_detail, name="watch"),
    path("watches/<id:pk>/remove/", watches.watch_remove, name="watch-remove"),
    path("watches/webhooks/add/", webhooks.webhook_add, name="webhook-add"),
    path("watches/webhooks/<id:webhook>/", webhooks.webhook_detail, name="webhook"),
    path("watches/webhooks/<id:webhook>/secret/", webhooks.webhook_secret, name="webhook-secret"),
    path("watches/webhooks/<id:webhook>/switch/", webhooks.webhook_switch, name="webhook-switch"),
    path("watches/webhooks/<id:webhook>/test/", webhooks.webhook_test, name="webhook-test"),
    path("watches/webhooks/<id:webhook>/remove/", webhooks.webhook_remove, name="webhook-remove"),
    path("watches/webhooks/<id:webhook>/again/<id:message>/", webhooks.webhook_again, name="webhook-again"),
    path("bulk/", bulk.bulk_choose, name="bulk"),
    path("bulk/<id:pk>/", bulk.bulk_preview, name="bulk-preview"),
    path("bulk/<id:pk>/start/", bulk.bulk_start, name="bulk-start"),
    path("bulk/<id:pk>/anew/", bulk.bulk_anew, name="bulk-anew"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<id:pk>/", jobs.job_detail, name="job"),
    path("jobs/<id:pk>/approve/", jobs.job_approve, name="job-approve"),
    path("jobs/<id:pk>/pause/", jobs.job_pause, name="job-pause"),
    path("jobs/<id:pk>/resume/", jobs.job_resume, name="job-resume"),
    path("jobs/<id:pk>/cancel/", jobs.job_cancel, name="job-cancel"),
    path("jobs/<id:pk>/again/", jobs.job_again, name="job-again"),
    path("jobs/<id:pk>/look-again/", jobs.job_look_again, name="job-look-again"),
    path("jobs/<id:pk>/undo/", jobs.job_undo, name="job-undo"),
    path("templates/", record_templates.template_list, name="templates"),
    path("templates/add/", record_templates.template_add, name="template-add"),
    path("templates/<id:pk>/", record_templates.template_detail, name="template"),
    path("templates/<id:pk>/delete/", record_templates.template_delete, name="template-delete"),
    path("settings/", person.person_settings, name="settings"),
    path("settings/theme/", person.person_theme, name="settings-theme"),
]
