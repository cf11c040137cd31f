---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Clients' sessions.
---@class core.sessionmanager.library
local lib = {}

---Gives a session a resource.
---@param session Session
---@param resource? string
---@return boolean?
---@return string?
---@return string?
---@return string?
function lib.bind_resource(session, resource) end

---Ends a session.
---@param session Session
---@param reason? string|table
function lib.destroy_session(session, reason) end

---Makes a session an account's.
---@param session Session
---@param username string
---@param role? string
---@return boolean?
---@return string?
function lib.make_authenticated(session, username, role) end

---Makes the session of a client on a connection.
---@param conn table
---@return Session
function lib.new_session(conn) end

---Leaves of a session only what may still be asked for.
---@param session Session
function lib.retire_session(session) end

---Sends to the user's available sessions; gives their number.
---@param username string
---@param host string
---@param stanza Stanza
---@return integer
function lib.send_to_available_resources(username, host, stanza) end

---Sends to those that have asked for the roster.
---@param username string
---@param host string
---@param stanza Stanza
---@return integer
function lib.send_to_interested_resources(username, host, stanza) end

---Puts a session on the connection of another, which loses it.
---@param session Session
---@param from Session
---@return boolean
function lib.update_session(session, from) end

return lib
