---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---What goes through sessions.
---@class util.filters.library
local lib = {}

---Puts a function in the way of "stanzas/in", "stanzas/out", "bytes/in" or "bytes/out".
---@param session Session
---@param type string
---@param callback function
---@param priority? number
function lib.add_filter(session, type, callback, priority) end

---Calls for each new session.
---@param callback fun(session: Session)
function lib.add_filter_hook(callback) end

---Lets a session have filters; all sessions have them.
---@param session Session
function lib.initialize(session) end

---Takes it away.
---@param session Session
---@param type string
---@param callback function
function lib.remove_filter(session, type, callback) end

---Ends that.
---@param callback fun(session: Session)
function lib.remove_filter_hook(callback) end

return lib
