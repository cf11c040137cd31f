---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---XML in pieces (LuaExpat).
---@class lxp.library
local lib = {}

---A parser: parse, close, stop, pos.
---@param callbacks table
---@param separator? string
---@param merge? boolean
---@return table
function lib.new(callbacks, separator, merge) end

return lib
