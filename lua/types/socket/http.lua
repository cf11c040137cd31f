---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---HTTP requests that wait for the answer.
---@class socket.http.library
local lib = {}

---Body, code, headers, status line; or nil and why not. With a table {url, method, headers, source, sink, redirect} it gives 1 in place of the body.
---@param url any
---@param body? string
---@return any
---@return any
---@return table?
---@return string?
function lib.request(url, body) end

return lib
