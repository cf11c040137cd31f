---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Requests that wait for their answer (LuaSocket).
---@class socket.http.library
local lib = {}

---Asks a web server.
---@param request string|table
---@param body? string
---@return string|integer|nil
---@return integer|string
---@return table?
---@return string?
function lib.request(request, body) end

return lib
