---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The servers that SRV records name, for net.connect.
---@class net.resolvers.service.library
local lib = {}

---extra.default_port: the port of the host itself, where there are no records.
---@param hostname string
---@param service string
---@param type? string
---@param extra? table
---@return table
function lib.new(hostname, service, type, extra) end

return lib
