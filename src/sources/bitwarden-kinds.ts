import type { EventKind } from "../domain/event.ts";

/**
 * Bitwarden's event numbers and their names in the web vault's CSV, as far as they mean more than `other`. Taking a
 * look at an item (1107) reveals nothing; card codes (1110, 1113) and what came later (1117 to 1132) are no passwords.
 */
const table: readonly (readonly [code: number, name: string, kind: EventKind])[] = [
  [1000, "User_LoggedIn", "login"],
  [1005, "User_FailedLogIn", "login_failed"],
  [1006, "User_FailedLogIn2fa", "login_failed"],
  [1100, "Cipher_Created", "account_added"],
  [1108, "Cipher_ClientToggledPasswordVisible", "password_accessed"],
  [1109, "Cipher_ClientToggledHiddenFieldVisible", "password_accessed"],
  [1111, "Cipher_ClientCopiedPassword", "password_accessed"],
  [1112, "Cipher_ClientCopiedHiddenField", "password_accessed"],
  [1114, "Cipher_ClientAutofilled", "password_autofilled"],
  [2100, "Secret_Retrieved", "password_accessed"],
  [2101, "Secret_Created", "account_added"],
];

/** The numbers up to the last one that is known of each hundred; those that the table does not have are `other`. */
const known: readonly (readonly [first: number, last: number])[] = [
  [1000, 1011],
  [1100, 1132],
  [1300, 1302],
  [1400, 1402],
  [1500, 1526],
  [1600, 1630],
  [1700, 1700],
  [1800, 1803],
  [1900, 1903],
  [2000, 2003],
  [2100, 2105],
  [2200, 2203],
  [2300, 2305],
  [2400, 2402],
  [2500, 2513],
  [2600, 2604],
];

/** Names that are known, by what they are about; a name is `<about>_<what>`. */
const knownNames: Readonly<Record<string, string>> = {
  User: `ChangedPassword Updated2fa Disabled2fa Recovered2fa ClientExportedVault UpdatedTempPassword
    MigratedKeyToKeyConnector RequestedDeviceApproval TdeOffboardingPasswordSet`,
  Cipher: `Updated Deleted AttachmentCreated AttachmentDeleted Shared UpdatedCollections ClientViewed
    ClientToggledCardCodeVisible ClientCopiedCardCode SoftDeleted Restored ClientToggledCardNumberVisible
    ClientToggledTOTPSeedVisible ClientCopiedBankAccountNumber ClientCopiedBankAccountPin
    ClientToggledBankAccountNumberVisible ClientToggledBankAccountPinVisible ClientCopiedLicenseNumber
    ClientToggledLicenseNumberVisible ClientCopiedPassportNumber ClientToggledPassportNumberVisible
    ClientCopiedSwiftCode ClientToggledSwiftCodeVisible ClientCopiedIban ClientToggledIbanVisible
    ClientCopiedNationalIdentificationNumber ClientToggledNationalIdentificationNumberVisible`,
  Collection: "Created Updated Deleted",
  Group: "Created Updated Deleted",
  OrganizationUser: `Invited Confirmed Updated Removed UpdatedGroups UnlinkedSso ResetPassword_Enroll
    ResetPassword_Withdraw AdminResetPassword ResetSsoLink FirstSsoLogin Revoked Restored ApprovedAuthRequest
    RejectedAuthRequest Deleted Left AutomaticallyConfirmed SelfRevoked AdminResetTwoFactor`,
  Organization: `Updated PurgedVault ClientExportedVault VaultAccessed EnabledSso DisabledSso EnabledKeyConnector
    DisabledKeyConnector SponsorshipsSynced CollectionManagement_Updated`,
  Policy: "Updated",
  ProviderUser: "Invited Confirmed Updated Removed",
  ProviderOrganization: "Created Added Removed VaultAccessed",
  OrganizationDomain: "Added Removed Verified NotVerified",
  Secret: "Edited Deleted Permanently_Deleted Restored",
  Project: "Retrieved Created Edited Deleted",
  ServiceAccount: "UserAdded UserRemoved GroupAdded GroupRemoved Created Deleted",
};

/** Under numbers as text, and names. */
const kinds = new Map<string, EventKind>();
for (const [first, last] of known)
  for (let code = first; code <= last; code++) kinds.set(String(code), "other");
for (const [about, names] of Object.entries(knownNames)) {
  for (const name of names.split(/\s+/)) kinds.set(`${about}_${name}`, "other");
}
for (const [code, name, kind] of table) kinds.set(String(code), kind).set(name, kind);

/**
 * What Bitwarden's event type means here, given as its number or its name: `other` for those that are known to mean
 * nothing that is counted, `undefined` for those that nobody knows.
 */
export function bitwardenKind(type: number | string | undefined): EventKind | undefined {
  return kinds.get(String(type));
}
