---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Pages of results (XEP-0059).
---@class util.rsm.library
local lib = {}

---A set.
---@param values table
---@return Stanza
function lib.generate(values) end

---What an element's set asks for.
---@param stanza Stanza
---@return table?
function lib.get(stanza) end

---What a set asks for.
---@param set Stanza
---@return table
function lib.parse(set) end

return lib
