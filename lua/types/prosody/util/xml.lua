---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---XML.
---@class util.xml.library
local lib = {}

---Reads an element.
---@param text string
---@param options? table
---@return Stanza?
---@return string?
function lib.parse(text, options) end

return lib
