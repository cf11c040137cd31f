---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Roles (13).
---@class util.roles.library
local lib = {}

---Whether a value is one.
---@param value any
---@return boolean
function lib.is_role(value) end

---A role with methods may, clone, set_permission.
---@param config table
---@param overrides? table
---@return table
function lib.new(config, overrides) end

return lib
