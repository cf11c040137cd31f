---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Sessions of a user.
---@class util.presence.library
local lib = {}

---Does nothing that is needed here.
---@param user table
function lib.recalc_resource_map(user) end

---Those with the highest priority.
---@param user table
---@return Session[]
function lib.select_top_resources(user) end

return lib
