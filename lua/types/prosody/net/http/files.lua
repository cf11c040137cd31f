---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Directories over HTTP.
---@class net.http.files.library
local lib = {}

---A handler for routes "GET /*": path, mime_map, index_files, directory_index, cache_size, cache_max_file_size.
---@param options string|table
---@return fun(event: table, path?: string): any
function lib.serve(options) end

return lib
