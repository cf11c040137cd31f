---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---One resolver after the other, for net.connect.
---@class net.resolvers.chain.library
local lib = {}

---A resolver of a list of resolvers.
---@param resolvers table
---@return table
function lib.new(resolvers) end

return lib
