---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Accounts.
---@class core.usermanager.library
local lib = {}

---Lets a user take on a role (13).
---@param username string
---@param host string
---@param role string
---@return boolean?
---@return string?
function lib.add_user_secondary_role(username, host, role) end

---Makes an account.
---@param username string
---@param password string?
---@param host string
---@return boolean?
---@return string?
function lib.create_user(username, password, host) end

---Makes an account with a role (13).
---@param username string
---@param password string?
---@param host string
---@param role string
---@return boolean?
---@return string?
function lib.create_user_with_role(username, password, host, role) end

---Removes an account with all its data.
---@param username string
---@param host string
---@return boolean?
---@return string?
function lib.delete_user(username, host) end

---Lets nobody log in with it.
---@param username string
---@param host string
---@return boolean?
---@return string?
function lib.disable_user(username, host) end

---Lets its user log in again.
---@param username string
---@param host string
---@return boolean?
---@return string?
function lib.enable_user(username, host) end

---created, password_updated (seconds since 1970), enabled.
---@param username string
---@param host string
---@return table?
---@return string?
function lib.get_account_info(username, host) end

---All roles, by name (13).
---@param host string
---@return table<string, table>
function lib.get_all_roles(host) end

---The role of an address on a host (13).
---@param jid string
---@param host string
---@return table?
function lib.get_jid_role(jid, host) end

---Who has a role on a host.
---@param role string
---@param host string
---@return string[]
function lib.get_jids_with_role(role, host) end

---The password, of accounts that keep it.
---@param username string
---@param host string
---@return string?
---@return string?
function lib.get_password(username, host) end

---The provider of accounts of a host.
---@param host string
---@return table
function lib.get_provider(host) end

---A role (13).
---@param role string
---@param host string
---@return table?
function lib.get_role_by_name(role, host) end

---The roles of an address, by name (0.12).
---@param jid string
---@param host string
---@return table<string, boolean>
function lib.get_roles(jid, host) end

---What logs a client of a host in: see util.sasl.
---@param host string
---@param session? Session
---@return table
function lib.get_sasl_handler(host, session) end

---The role of an account (13).
---@param username string
---@param host string
---@return table?
function lib.get_user_role(username, host) end

---The roles of an account, by name (0.12).
---@param username string
---@param host string
---@return table<string, boolean>
function lib.get_user_roles(username, host) end

---The roles that a user may take on besides (13).
---@param username string
---@param host string
---@return table<string, table>
function lib.get_user_secondary_roles(username, host) end

---The users who have a role.
---@param role string
---@param host string
---@return string[]
function lib.get_users_with_role(role, host) end

---Does nothing: hosts are ready when they are activated.
---@param host string
function lib.initialize_host(host) end

---Whether somebody may administrate a host.
---@param jid string
---@param host? string
---@return boolean
function lib.is_admin(jid, host) end

---A provider of accounts that does nothing.
---@return table
function lib.new_null_provider() end

---Ends that (13).
---@param username string
---@param host string
---@param role string
---@return boolean?
---@return string?
function lib.remove_user_secondary_role(username, host, role) end

---Does nothing: roles of others come from the configuration.
---@param jid string
---@param host string
---@param role string
---@return boolean
function lib.set_jid_role(jid, host, role) end

---Changes the password.
---@param username string
---@param password string
---@param host string
---@param resource? string
---@return boolean?
---@return string?
function lib.set_password(username, password, host, resource) end

---Gives an account the highest of some roles (0.12).
---@param jid string
---@param host string
---@param roles table<string, boolean>
---@return boolean?
---@return string?
function lib.set_roles(jid, host, roles) end

---Lets its user log in, or nobody.
---@param username string
---@param host string
---@param enabled boolean
---@return boolean?
---@return string?
function lib.set_user_enabled(username, host, enabled) end

---Gives an account another role (13).
---@param username string
---@param host string
---@param role string
---@return table?
---@return string?
function lib.set_user_role(username, host, role) end

---Gives an account the highest of some roles (0.12).
---@param username string
---@param host string
---@param roles table<string, boolean>
---@return boolean?
---@return string?
function lib.set_user_roles(username, host, roles) end

---Whether the password is right.
---@param username string
---@param host string
---@param password string
---@return boolean?
---@return string?
function lib.test_password(username, host, password) end

---Whether a user has a role, or may take it on (13).
---@param username string
---@param host string
---@param role string
---@return boolean
function lib.user_can_assume_role(username, host, role) end

---Whether there is such an account.
---@param username string
---@param host string
---@return boolean
function lib.user_exists(username, host) end

---Whether its user may log in.
---@param username string
---@param host string
---@return boolean?
---@return string?
function lib.user_is_enabled(username, host) end

---Iterates over the accounts of a host.
---@param host string
---@return fun(): string
function lib.users(host) end

return lib
