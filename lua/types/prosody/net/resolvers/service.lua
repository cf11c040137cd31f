---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Addresses of a service (SRV records).
---@class net.resolvers.service.library
local lib = {}

---A resolver for net.connect.
---@param hostname string
---@param service string
---@param conn_type? string
---@param extra? table
---@return table
function lib.new(hostname, service, conn_type, extra) end

return lib
