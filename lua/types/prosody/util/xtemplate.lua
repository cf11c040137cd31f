---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Text from stanzas by templates.
---@class util.xtemplate.library
local lib = {}

---Fills in a template.
---@param template string
---@param stanza Stanza
---@param escape? function
---@param filters? table
---@return string
function lib.render(template, stanza, escape, filters) end

return lib
