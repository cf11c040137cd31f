---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Requests that wait (LuaSocket).
---@class socket.http.library
local lib = {}

---Makes a request; others go on meanwhile.
---@param url string|table
---@param body? string
---@return any
---@return integer|string
---@return table?
---@return string?
function lib.request(url, body) end

return lib
