---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---A heap whose items have names.
---@class util.indexedbheap.library
local lib = {}

---A heap with methods insert, pop, peek, remove, remove_index, reprioritize.
---@return table
function lib.create() end

return lib
