---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Large numbers for people.
---@class util.human.units.library
local lib = {}

---A number and its prefix.
---@param n number
---@param base? string
---@return number
---@return string
function lib.adjust(n, base) end

---A number with prefix and unit.
---@param n number
---@param unit string
---@param base? string
---@return string
function lib.format(n, unit, base) end

return lib
