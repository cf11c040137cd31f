---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Errors as objects.
---@class util.error.library
local lib = {}

---Makes the error of a result an object.
---@param ok any
---@param err any
---@param ... any
---@return any
function lib.coerce(ok, err, ...) end

---Sets whether errors have tracebacks.
---@param options table
function lib.configure(options) end

---The error of a stanza.
---@param stanza Stanza
---@param context? table
---@param source? string
---@return table
function lib.from_stanza(stanza, context, source) end

---Makes a maker of errors of a source.
---@param source string
---@param namespace? string|table
---@param registry? table
---@return table
function lib.init(source, namespace, registry) end

---Another name of is_error.
---@param value any
---@return boolean
function lib.is_err(value) end

---Whether a value is such an error.
---@param value any
---@return boolean
function lib.is_error(value) end

---Makes an error with type, condition, text …
---@param e any
---@param context? table
---@param registry? table
---@param source? string
---@return table
function lib.new(e, context, registry, source) end

return lib
