---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Consistent hashing.
---@class util.hashring.library
local lib = {}

---A ring with methods add_node, add_nodes, remove_node, remove_nodes, get_node, clone.
---@param replicas integer
---@param hash fun(text: string): string
---@return table
function lib.new(replicas, hash) end

return lib
