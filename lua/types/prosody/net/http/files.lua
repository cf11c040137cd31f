---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Files for HTTP.
---@class net.http.files.library
local lib = {}

---A handler that serves a directory.
---@param options string|table
---@return fun(event: table, path: string): any
function lib.serve(options) end

return lib
