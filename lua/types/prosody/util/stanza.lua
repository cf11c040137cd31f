---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Stanzas.
---@class util.stanza.library
local lib = {}

---Copies.
---@param stanza Stanza
---@param only_top? boolean
---@return Stanza
function lib.clone(stanza, only_top) end

---Undoes that.
---@param t table
---@return Stanza
function lib.deserialize(t) end

---Makes an error for a stanza.
---@param stanza Stanza
---@param type string|table
---@param condition? string
---@param text? string
---@param by? string
---@return Stanza
function lib.error_reply(stanza, type, condition, text, by) end

---Makes an IQ; it needs type and id.
---@param attr table
---@return Stanza
function lib.iq(attr) end

---Whether a value is an element.
---@param value any
---@return boolean
function lib.is_stanza(value) end

---Makes a message.
---@param attr? table
---@param body? string
---@return Stanza
function lib.message(attr, body) end

---Makes a presence.
---@param attr? table
---@return Stanza
function lib.presence(attr) end

---As plain tables, for stores.
---@param stanza Stanza
---@return table
function lib.preserialize(stanza) end

---Makes the answer to a stanza.
---@param stanza Stanza
---@return Stanza
function lib.reply(stanza) end

---Makes an element.
---@param name string
---@param attr? table
---@return Stanza
function lib.stanza(name, attr) end

lib.stanza_mt = {}

---A stanza as XML.
---@param stanza Stanza
---@return string
function lib.stanza_mt.__tostring(stanza) end

---Writes text for XML.
---@param text string
---@return string
function lib.xml_escape(text) end

return lib
