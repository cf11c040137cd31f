---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Tables with several keys.
---@class util.multitable.library
local lib = {}

---Iterates over what fits.
---@param self table
---@param ... any
---@return function
function lib.iter(self, ...) end

---A table with methods get, set, add, remove, search, search_add, iter.
---@return table
function lib.new() end

return lib
