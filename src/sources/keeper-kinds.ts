import type { EventKind } from "../domain/event.ts";

/** Keeper's names of events that count for something; every dialect uses them. */
const counted: Readonly<Record<string, EventKind>> = {
  login: "login",
  login_console: "login",
  login_failure: "login_failed",
  login_failed_console: "login_failed",
  login_failed_ip_whitelist: "login_failed",
  two_factor_code_invalid: "login_failed",
  device_user_loggedout: "logout",
  device_admin_loggedout: "logout",
  open_record: "password_accessed",
  copy_password: "password_accessed",
  fast_fill: "password_autofilled",
  record_add: "account_added",
  pam_kcm_connection_started: "remote_connection",
  pam_tunnel_started: "remote_connection",
  pam_rbi_started: "remote_connection",
};

/**
 * Names that are known and count for nothing. That a recording starts is no connection of its own: the connection
 * that is recorded says so itself.
 */
const others = `
  accept_invitation accept_share accept_transfer account_recovery_decline account_recovery_setup add_security_key
  added_admin_key added_folder added_identity added_payment_card added_shared_folder added_to_role added_to_team
  agent_removed_approval_request audit_alert_created audit_alert_deleted audit_alert_paused audit_alert_resumed
  audit_alert_sent audit_sync_failed audit_sync_paused audit_sync_removed audit_sync_restored audit_sync_resumed
  audit_sync_setup auto_invite_user bridge_activated bridge_deleted bridge_updated cancel_share change_share
  changed_identity changed_payment_card clear_security_data create_public_api_token_in_days create_user
  decline_invitation delete_pending_user delete_security_key delete_user deleted_folder deleted_shared_folder
  device_admin_account_locked device_admin_account_unlocked device_admin_approval_requested device_admin_locked
  device_admin_removed device_admin_unlocked device_approved device_approved_by_admin device_user_approval_requested
  device_user_blocked device_user_linked device_user_locked device_user_removed device_user_renamed
  device_user_unblocked device_user_unlinked device_user_unlocked discovery_job_completed discovery_job_started
  duplicate_record email_provisioning_activated email_provisioning_deleted empty_trash enable_user
  enterprise_2fa_disabled_by_admin enterprise_product_changed enterprise_to_consumption_billing expire_password
  exported_records ext_share_access ext_share_added ext_share_connected ext_share_expired ext_share_removed
  file_attachment_deleted file_attachment_downloaded file_attachment_exported file_attachment_uploaded
  file_attachment_viewed folder_add_outside_user folder_add_record folder_add_team folder_add_user
  folder_change_record folder_change_team folder_change_user folder_remove_record folder_remove_team
  folder_remove_user imported_records ksm_app_shared lock_user node_created node_deleted out_of_seats
  pam_kcm_connection_stopped pam_kcm_connection_terminated pam_rbi_stopped pam_rbi_terminated
  pam_session_rbi_recording_started pam_session_rbi_recording_stopped pam_session_recording_started
  pam_session_recording_stopped pam_tunnel_stopped pam_tunnel_terminated payment_method_updated
  pending_added_to_role pending_removed_from_role reauthentication_reprompt_success
  reauthentication_reprompt_throttle record_delete record_password_change record_restored
  record_rotation_on_demand_ok record_rotation_scheduled_ok record_share_outside_user record_type_created
  record_type_deleted record_type_updated record_update remove_share removed_from_role removed_from_team
  report_created report_deleted report_modified reused_password revision_restored revoke_public_api_token
  role_created role_deleted role_enforcement_changed role_managed_node_added role_managed_node_removed
  role_managed_node_updated role_team_add role_team_remove scim_access_failure scim_activated scim_deleted
  scim_updated send_invitation set_2fa_configuration set_custom_email_content set_custom_email_logo
  set_custom_header_logo set_two_factor_off set_two_factor_on share shared_folder_folder_record_restored
  shared_folder_folder_restored shared_folder_record_restored shared_folder_restored ssh_agent_approved
  ssh_agent_started ssh_agent_stopped sso_activated sso_deleted sso_updated team_created team_deleted
  team_provisioned_by_scim transfer_owner two_factor_disabled_by_support vault_transferred`;

const kinds = new Map<string, EventKind>(Object.entries(counted));
for (const name of others.trim().split(/\s+/)) kinds.set(name, "other");

/** What programs do that read secrets through an application (Secrets Manager), instead of people. */
const robotPrefix = "app_client_";

/**
 * What Keeper's name of an event means here: `other` for one that is known to count for nothing and for whatever
 * programs do, `undefined` for one that nobody knows.
 */
export function keeperKind(name: string): EventKind | undefined {
  return isKeeperRobot(name) ? "other" : kinds.get(name);
}

/** Whether it is a program that does what this event's name says. */
export function isKeeperRobot(name: string): boolean {
  return name.startsWith(robotPrefix);
}
