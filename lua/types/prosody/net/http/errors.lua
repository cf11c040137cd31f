---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Errors of XMPP for what comes of requests; registry is that of util.error.
---@class net.http.errors.library
local lib = {}

---The error for what a callback of net.http got.
---@param code integer
---@param body string
---@param context? table
---@return util.error
function lib.new(code, body, context) end

return lib
