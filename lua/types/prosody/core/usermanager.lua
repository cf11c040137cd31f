---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Accounts.
---@class core.usermanager.library
local lib = {}

---Makes an account.
---@param username string
---@param password string?
---@param host string
---@return boolean?
---@return string?
function lib.create_user(username, password, host) end

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

---The provider of accounts of a host.
---@param host string
---@return table
function lib.get_provider(host) end

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

---Whether somebody may administrate a host.
---@param jid string
---@param host? string
---@return boolean
function lib.is_admin(jid, host) end

---Changes the password.
---@param username string
---@param password string
---@param host string
---@param resource? string
---@return boolean?
---@return string?
function lib.set_password(username, password, host, resource) end

---Gives an account another role (13).
---@param username string
---@param host string
---@param role string
---@return table?
---@return string?
function lib.set_user_role(username, host, role) end

---Whether the password is right.
---@param username string
---@param host string
---@param password string
---@return boolean?
---@return string?
function lib.test_password(username, host, password) end

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
