---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Stanzas from XML with {places}: the library is a function.
---@param text string
---@return table
local function lib(text) end

return lib
