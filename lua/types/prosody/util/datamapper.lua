---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Stanzas as plain tables and back, by a JSON schema.
---@class util.datamapper.library
local lib = {}

---The table that an element is.
---@param schema table
---@param element Stanza
---@return table
function lib.parse(schema, element) end

---The element that a table is.
---@param schema table
---@param value table
---@param name? string
---@param namespace? string
---@param out? Stanza
---@param root? table
---@return Stanza?
function lib.unparse(schema, value, name, namespace, out, root) end

return lib
