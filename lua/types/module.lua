---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---What a handler is given. Other fields come with the event.
---@class Event
---@field origin Session The session a stanza came from, of an event of a stanza.
---@field stanza Stanza The stanza, of such an event.
---@field to_self boolean? Whether the stanza is for its sender's own account.
local Event_methods = {}

---A client's stream, a host, or whatever else stanzas come from. Modules may hang fields of their own on it.
---@class Session
---@field close fun(self: Session, reason?: string|table) Ends it.
---@field conn table? Its connection.
---@field directed table<string, boolean>? Whom it has sent presence directly.
---@field encrypted boolean? The same.
---@field full_jid string? Its address, once it has one.
---@field host string? The host it belongs to.
---@field id string Names it in the log.
---@field interested boolean? Whether it has asked for the roster.
---@field ip string? Where it comes from.
---@field log fun(level: string, format: string, ...: any) Writes to the log in its name.
---@field presence Stanza? What it has said to be available with; nil if it is not.
---@field priority integer? The priority of that.
---@field resource string? Its resource, once it has one.
---@field role string? Its role.
---@field roster table? The account's roster.
---@field secure boolean? Whether it is encrypted.
---@field send fun(stanza: Stanza|string): boolean Sends a stanza to it.
---@field stream table Its XML stream.
---@field type string "c2s_unauthed", "c2s_unbound", "c2s", "local", "component" …
---@field username string? The account's name, once it has logged in.
local Session_methods = {}

---An XML element. Children are in its array part; builders return the stanza itself and work where the cursor is.
---@class Stanza
---@field attr table<string, string> Its attributes; those of a namespace as "NAMESPACE\1NAME".
---@field name string The element's name.
---@field tags Stanza[] Its children that are elements.
local Stanza_methods = {}

---Adds an element where the cursor is.
---@param child Stanza
---@return Stanza
function Stanza_methods:add_child(child) end

---Adds an element at the top.
---@param child Stanza
---@return Stanza
function Stanza_methods:add_direct_child(child) end

---Adds an error.
---@param type string|table
---@param condition? string
---@param text? string
---@param by? string
---@return Stanza
function Stanza_methods:add_error(type, condition, text, by) end

---Whether the cursor is at the top.
---@return boolean
function Stanza_methods:at_top() end

---Adds a body, of a message.
---@param text string
---@param attr? table
---@return Stanza
function Stanza_methods:body(text, attr) end

---The first child element of a name, whatever its namespace.
---@param name string
---@return Stanza?
function Stanza_methods:child_with_name(name) end

---The older name of get_child_with_namespace.
---@param xmlns string
---@return Stanza?
function Stanza_methods:child_with_ns(xmlns) end

---Iterates over all children.
---@return fun(): Stanza|string|nil
function Stanza_methods:children() end

---Iterates over the child elements that fit.
---@param name? string
---@param xmlns? string
---@return fun(): Stanza?
function Stanza_methods:childtags(name, xmlns) end

---What a path leads to: "{xmlns}name/other@attr" or "name#" for the text.
---@param path string
---@return Stanza|string|nil
function Stanza_methods:find(path) end

---An attribute, which takes half as long as stanza.attr.NAME. Not in Prosody.
---@param name string
---@return string?
function Stanza_methods:get_attr(name) end

---The first child element that fits. The namespace is the parent's if it is left out.
---@param name? string
---@param xmlns? string
---@return Stanza?
function Stanza_methods:get_child(name, xmlns) end

---An attribute of the first child element that fits.
---@param name string?
---@param xmlns string?
---@param attr string
---@return string?
function Stanza_methods:get_child_attr(name, xmlns, attr) end

---The text of the first child element that fits.
---@param name? string
---@param xmlns? string
---@return string?
function Stanza_methods:get_child_text(name, xmlns) end

---The first child element with an attribute of that value.
---@param name string?
---@param xmlns string?
---@param attr string
---@param value string
---@param normalize? function
---@return Stanza?
function Stanza_methods:get_child_with_attr(name, xmlns, attr, value, normalize) end

---The first child element of a namespace.
---@param xmlns string
---@return Stanza?
function Stanza_methods:get_child_with_namespace(xmlns) end

---Type, condition, text and the extra element of an error.
---@return string?
---@return string?
---@return string?
---@return Stanza?
function Stanza_methods:get_error() end

---Its own text.
---@return string
function Stanza_methods:get_text() end

---Whether a child element has one of the namespaces that are keys of a table. Not in Prosody.
---@param namespaces table
---@return boolean
function Stanza_methods:has_namespace(namespaces) end

---A copy with white space in it, for people.
---@param level? integer
---@param indent? string
---@return Stanza
function Stanza_methods:indent(level, indent) end

---Replaces each child element by what f returns; nil removes it.
---@param f fun(child: Stanza): Stanza?
---@return Stanza
function Stanza_methods:maptags(f) end

---Another name of childtags.
---@param name? string
---@param xmlns? string
---@return fun(): Stanza?
function Stanza_methods:matching_tags(name, xmlns) end

---As text with colours.
---@return string
function Stanza_methods:pretty_print() end

---Its start tag with colours.
---@return string
function Stanza_methods:pretty_top_tag() end

---Adds a query, of an IQ, and goes into it.
---@param xmlns string
---@return Stanza
function Stanza_methods:query(xmlns) end

---Removes child elements.
---@param name? string
---@param xmlns? string
---@return Stanza
function Stanza_methods:remove_children(name, xmlns) end

---Goes back to the top.
---@return Stanza
function Stanza_methods:reset() end

---Adds an element and goes into it.
---@param name string
---@param attr? table
---@return Stanza
function Stanza_methods:tag(name, attr) end

---Adds text.
---@param text string
---@return Stanza
function Stanza_methods:text(text) end

---Adds an element with text, and stays.
---@param name string
---@param text string?
---@param attr? table
---@return Stanza
function Stanza_methods:text_tag(name, text, attr) end

---Its start tag as text.
---@return string
function Stanza_methods:top_tag() end

---Goes back to the element above.
---@return Stanza
function Stanza_methods:up() end

---A store of one host. Which methods it has says its type: keyval, map, keyval+ (both) or archive. They return nil and an error if they fail.
---@class Store
---@field caps table archive: what it can do.
---@field remove table map, keyval+: the value that removes a key in set_keys, and in patch.
local Store_methods = {}

---archive: adds a stanza; gives its id.
---@param user string?
---@param key string?
---@param value Stanza
---@param when number
---@param with string
---@return string?
---@return string?
function Store_methods:append(user, key, value, when, with) end

---archive: the days that have something.
---@param user string?
---@return string[]?
---@return string?
function Store_methods:dates(user) end

---archive: removes what fits; gives the number.
---@param user string?
---@param query? table
---@return integer?
---@return string?
function Store_methods:delete(user, query) end

---map: removes a key for all users.
---@param key string
---@return boolean?
---@return string?
function Store_methods:delete_all(key) end

---archive: iterates over id, stanza, time and with, and gives the total if query.total asks for it.
---@param user string?
---@param query? table
---@return function?
---@return integer|string|nil
function Store_methods:find(user, query) end

---keyval: what is kept for a user. map: the value of a key. archive: the stanza of an id.
---@param user string?
---@param key? any
---@return any
---@return any
function Store_methods:get(user, key) end

---map: the value of a key for all users.
---@param key string
---@return table<string, any>
function Store_methods:get_all(key) end

---keyval, keyval+: iterates over what is kept.
---@param user? string
---@return function
function Store_methods:items(user) end

---keyval, with drivers that have it: sets some of the keys of what is kept, and entries of the tables under other keys; Store.remove removes. keys: key to value. entries: key to table of such.
---@param user string?
---@param keys table
---@param entries table
---@return boolean?
---@return string?
function Store_methods:patch(user, keys, entries) end

---keyval: replaces what is kept; nil removes it. map: sets a key. archive: replaces the stanza of an id.
---@param user string?
---@param key_or_data any
---@param value? any
---@return boolean?
---@return string?
function Store_methods:set(user, key_or_data, value) end

---map: sets several keys; Store.remove removes one.
---@param user string?
---@param data table
---@return boolean?
---@return string?
function Store_methods:set_keys(user, data) end

---archive: counts, times and bodies by with.
---@param user string?
---@param query? table
---@return table?
---@return string?
function Store_methods:summary(user, query) end

---keyval, archive: iterates over the users that have something.
---@return fun(): string
function Store_methods:users() end

---The module itself, on one host or for the whole server. Its methods are called with a colon.
---@class module
---@field add_host fun(module: module) Set by a global module: called for each host it serves, with a module object of that host.
---@field command fun(args: string[]): integer? Set by the module: what `quatrain mod_NAME ARGUMENT…` does.
---@field environment table Its global variables: what other modules get from module:depends.
---@field global boolean Whether it is global.
---@field host string The host it is loaded on; "*" for a global module.
---@field load fun() Set by the module: called when its file has run.
---@field loaded boolean Whether it is still loaded.
---@field name string The module's name, as configurations have it.
---@field path string Its file.
---@field ready fun() Set by the module: called when the server has started.
---@field reloading boolean Whether it takes the place of an older instance of itself.
---@field restore fun(state: any) Set by the module: takes what save of the older instance returned.
---@field save fun(): any Set by the module: what to hand over to the instance that takes its place.
---@field saved_state any What module.save of the older instance returned, while it is reloaded.
---@field unload fun() Set by the module: called before it ends.
local module_methods = {}

---Shows a form in service discovery (XEP-0128).
---@param form Stanza
function module_methods:add_extension(form) end

---Shows a feature in service discovery (XEP-0030).
---@param xmlns string
function module_methods:add_feature(xmlns) end

---Shows an identity in service discovery.
---@param category string
---@param type string
---@param name? string
function module_methods:add_identity(category, type, name) end

---Offers something to whoever looks for items of the key, until the module ends.
---@param key string
---@param value any
function module_methods:add_item(key, value) end

---Calls back after some seconds, and again after as many as the callback returns. Has methods stop and reschedule.
---@param delay number
---@param callback fun(now: number): number?
---@param ... any
---@return table
function module_methods:add_timer(delay, callback, ...) end

---Sends a stanza to many, but not to those that are keys of except; gives their number. Not in Prosody: except.
---@param recipients table
---@param stanza Stanza
---@param iterator? function
---@param except? table
---@return integer
function module_methods:broadcast(recipients, stanza, iterator, except) end

---The same module as seen from another host; "*" for the whole server.
---@param host string
---@return module
function module_methods:context(host) end

---The same without a word in the log.
---@param action string
---@param context table|string
---@return boolean
function module_methods:could(action, context) end

---Runs spec.run at times: spec.when is "hourly", "daily" or "weekly".
---@param spec table
function module_methods:cron(spec) end

---Calls back once a day.
---@param name string|fun()
---@param callback? fun()
function module_methods:daily(name, callback) end

---Allows an action to a role; ":name" is an action of the module.
---@param role string
---@param permission string
function module_methods:default_permission(role, permission) end

---Allows several actions to a role.
---@param role string
---@param permissions string[]
function module_methods:default_permissions(role, permissions) end

---Loads another module if need be and gives its globals. The module is reloaded when the other one is.
---@param name string
---@param soft? boolean
---@return table?
function module_methods:depends(name, soft) end

---Fires an event on the module's host; gives what its handlers do.
---@param event string
---@param data? any
---@return any
function module_methods:fire_event(event, data) end

---Where its files are; nil if they are inside the program.
---@return string?
function module_methods:get_directory() end

---The host it is loaded on.
---@return string
function module_methods:get_host() end

---The items of all modules of the host.
---@param key string
---@return any[]
function module_methods:get_host_items(key) end

---"local", "component" or "global".
---@return string
function module_methods:get_host_type() end

---The module's name.
---@return string
function module_methods:get_name() end

---An option of the configuration, of the host or else the global one.
---@param name string
---@param default? any
---@return any
function module_methods:get_option(name, default) end

---An option as a list.
---@param name string
---@param ... any
---@return util.array?
function module_methods:get_option_array(name, ...) end

---An option as a boolean.
---@param name string
---@param default? boolean
---@return boolean?
function module_methods:get_option_boolean(name, default) end

---An option that is one of some words; the first is the default.
---@param name string
---@param default string
---@param ... string
---@return string?
function module_methods:get_option_enum(name, default, ...) end

---The global set together with the host's own.
---@param name string
---@param ... any
---@return util.set?
function module_methods:get_option_inherited_set(name, ...) end

---An option as a whole number.
---@param name string
---@param default? integer
---@param min? integer
---@param max? integer
---@return integer?
function module_methods:get_option_integer(name, default, min, max) end

---Another name of get_option_period.
---@param name string
---@param default? string|number
---@param min? string|number
---@param max? string|number
---@return number?
function module_methods:get_option_interval(name, default, min, max) end

---An option as a number.
---@param name string
---@param default? number
---@param min? number
---@param max? number
---@return number?
function module_methods:get_option_number(name, default, min, max) end

---An option as a path, relative to the directory of the configuration, or that of the data if parent is "data".
---@param name string
---@param default? string
---@param parent? string
---@return string?
function module_methods:get_option_path(name, default, parent) end

---A span of time like "2 weeks", in seconds.
---@param name string
---@param default? string|number
---@param min? string|number
---@param max? string|number
---@return number?
function module_methods:get_option_period(name, default, min, max) end

---An option that is no list: of a list, the first value.
---@param name string
---@param default? any
---@return any
function module_methods:get_option_scalar(name, default) end

---An option as a set.
---@param name string
---@param ... any
---@return util.set?
function module_methods:get_option_set(name, ...) end

---An option as a string.
---@param name string
---@param default? string
---@return string?
function module_methods:get_option_string(name, default) end

---How it is: type, message and since when.
---@return string
---@return string
---@return number
function module_methods:get_status() end

---Calls for items as they come and go, and for those that are there unless existing is false.
---@param key string
---@param added fun(event: table)?
---@param removed fun(event: table)?
---@param existing? boolean
function module_methods:handle_items(key, added, removed, existing) end

---Whether the host shows a feature.
---@param xmlns string
---@return boolean
function module_methods:has_feature(xmlns) end

---@overload fun(self: module, event: "authentication-failure", handler: fun(event: { condition: string, session: Session, text: string? }): any, priority?: number)
---@overload fun(self: module, event: "authentication-success", handler: fun(event: { session: Session }): any, priority?: number)
---@overload fun(self: module, event: "c2s-closed", handler: fun(event: { session: Session }): any, priority?: number)
---@overload fun(self: module, event: "config-reloaded", handler: fun(event: any): any, priority?: number)
---@overload fun(self: module, event: "host-activated", handler: fun(event: any): any, priority?: number)
---@overload fun(self: module, event: "host-deactivated", handler: fun(event: any): any, priority?: number)
---@overload fun(self: module, event: "module-loaded", handler: fun(event: { host: string, module: string }): any, priority?: number)
---@overload fun(self: module, event: "module-reloaded", handler: fun(event: { host: string, module: string }): any, priority?: number)
---@overload fun(self: module, event: "module-unloaded", handler: fun(event: { host: string, module: string }): any, priority?: number)
---@overload fun(self: module, event: "pre-resource-unbind", handler: fun(event: { error: string?, session: Session }): any, priority?: number)
---@overload fun(self: module, event: "presence/initial", handler: fun(event: any): any, priority?: number)
---@overload fun(self: module, event: "resource-bind", handler: fun(event: { session: Session }): any, priority?: number)
---@overload fun(self: module, event: "resource-unbind", handler: fun(event: { error: string?, session: Session }): any, priority?: number)
---@overload fun(self: module, event: "server-started", handler: fun(event: any): any, priority?: number)
---@overload fun(self: module, event: "server-stopping", handler: fun(event: { reason: string? }): any, priority?: number)
---@overload fun(self: module, event: "store-opened", handler: fun(event: { host: string, store: Store, store_name: string, store_type: string }): any, priority?: number)
---@overload fun(self: module, event: "stream-features", handler: fun(event: { features: Stanza }): any, priority?: number)
---@overload fun(self: module, event: "user-deleted", handler: fun(event: { host: string, username: string }): any, priority?: number)
---@overload fun(self: module, event: "user-password-changed", handler: fun(event: { host: string, resource: string?, username: string }): any, priority?: number)
---@overload fun(self: module, event: "user-registered", handler: fun(event: { host: string, session: Session?, source: string?, username: string }): any, priority?: number)
---@overload fun(self: module, event: "user-role-changed", handler: fun(event: { host: string, role: table, username: string }): any, priority?: number)
---Calls the handler whenever the event fires on the module's host. Higher priorities come first; a result other than nil ends the event.
---@param event string
---@param handler fun(event: Event): any
---@param priority? number
function module_methods:hook(event, handler, priority) end

---Hooks an event of the whole server.
---@param event string
---@param handler fun(event: Event): any
---@param priority? number
function module_methods:hook_global(event, handler, priority) end

---Hooks an event of another object with events.
---@param object util.events
---@param event string
---@param handler fun(event: any): any
---@param priority? number
function module_methods:hook_object_event(object, event, handler, priority) end

---The older name of hook_tag.
---@param xmlns string?
---@param name string
---@param handler fun(origin: Session, stanza: Stanza): any
---@param priority? number
function module_methods:hook_stanza(xmlns, name, handler, priority) end

---Handles an element of a stream.
---@param xmlns string?
---@param name string
---@param handler fun(origin: Session, stanza: Stanza): any
---@param priority? number
function module_methods:hook_tag(xmlns, name, handler, priority) end

---Calls back once an hour.
---@param name string|fun()
---@param callback? fun()
function module_methods:hourly(name, callback) end

---The address of what the module offers by HTTP.
---@param app? string
---@param path? string
---@param mode? string
---@return string
function module_methods:http_url(app, path, mode) end

---Opens a file beside the module.
---@param path string
---@param mode? string
---@return file*?
---@return string?
function module_methods:load_resource(path, mode) end

---Writes to the log; the format is string.format's.
---@param level "debug"|"info"|"warn"|"error"
---@param format string
---@param ... any
function module_methods:log(level, format, ...) end

---Sets the status and logs it.
---@param level string
---@param message string
---@param ... any
function module_methods:log_status(level, message, ...) end

---Whether who is behind an event or an address is allowed an action. A refusal is logged.
---@param action string
---@param context table|string
---@return boolean
function module_methods:may(action, context) end

---Makes a function that takes measurements: "amount", "counter", "rate", "distribution", "sizes" or "times".
---@param name string
---@param type string
---@param config? table
---@return function
function module_methods:measure(name, type, config) end

---Makes a metric of the OpenMetrics kind.
---@param type string
---@param name string
---@param unit? string
---@param description? string
---@param labels? string[]
---@param config? table
---@return table
function module_methods:metric(type, name, unit, description, labels, config) end

---Calls back when the server has started, or at once if it has.
---@param callback? fun()
---@return util.promise
function module_methods:on_ready(callback) end

---Another name of on_ready.
---@param callback? fun()
---@return util.promise
function module_methods:once(callback) end

---Opens a store of the host; without a name, one called like the module.
---@param name? string
---@param type? "keyval"|"map"|"keyval+"|"archive"
---@return Store
function module_methods:open_store(name, type) end

---Whether anybody but the module itself would see an event on its host: what is done for their sake alone can be left out. Not in Prosody.
---@param event string
---@return boolean
function module_methods:others_hook(event) end

---Prints a stanza as it is now, for send_each: one that is sent again and again is printed once. Not in Prosody.
---@param stanza Stanza
---@return any
function module_methods:prepare(stanza) end

---Offers a provider: "http", "net", "auth", "storage", "adhoc" …; without an item, the module's globals.
---@param kind string
---@param item? table
function module_methods:provides(kind, item) end

---Withdraws an item.
---@param key string
---@param value any
function module_methods:remove_item(key, value) end

---Runs a library of the module's own, NAME.lib.lua beside it, in its environment.
---@param name string
---@return any
function module_methods:require(name) end

---Sends a stanza from the host, or from a session of it.
---@param stanza Stanza
---@param origin? Session
function module_methods:send(stanza, origin) end

---Sends each of the stanzas to one JID, whatever their own "to" says; what prepare has made is taken for a stanza. Not in Prosody.
---@param stanzas any[]
---@param to string
function module_methods:send_each(stanzas, to) end

---Sends an IQ and promises the event of its reply.
---@param stanza Stanza
---@param origin? Session
---@param timeout? number
---@return util.promise
function module_methods:send_iq(stanza, origin, timeout) end

---Makes the module global, while it is being loaded.
function module_methods:set_global() end

---Says how the module is.
---@param type "core"|"info"|"warn"|"error"
---@param message? string
---@param override? boolean
function module_methods:set_status(type, message, override) end

---A table that all modules share which name it: "name", "module/name" or "/host/module/name".
---@param ... string
---@return table
function module_methods:shared(...) end

---Ends a hook.
---@param event string
---@param handler function
function module_methods:unhook(event, handler) end

---Ends a hook of another object.
---@param object util.events
---@param event string
---@param handler function
function module_methods:unhook_object_event(object, event, handler) end

---Calls back once a week.
---@param name string|fun()
---@param callback? fun()
function module_methods:weekly(name, callback) end

---Puts a function around all handlers of an event.
---@param event string
---@param wrapper fun(handlers: util.events, event: string, data: any): any
---@param priority? number
function module_methods:wrap_event(event, wrapper, priority) end

---The same for an event of the whole server.
---@param event string
---@param wrapper fun(handlers: util.events, event: string, data: any): any
---@param priority? number
function module_methods:wrap_global(event, wrapper, priority) end

---The same for another object with events.
---@param object util.events
---@param event string
---@param wrapper fun(handlers: util.events, event: string, data: any): any
---@param priority? number
function module_methods:wrap_object_event(object, event, wrapper, priority) end

---The server.
---@class prosody
---@field arg string[] Arguments of the command line.
---@field bare_sessions table<string, table> Users that are online, by bare JID; sessions by resource.
---@field config_file string The configuration's file.
---@field core_post_stanza fun(origin: Session, stanza: Stanza) Fires the events of a stanza.
---@field core_process_stanza fun(origin: Session, stanza: Stanza) Takes a stanza as if its origin had sent it.
---@field core_route_stanza fun(origin: Session, stanza: Stanza) Brings a stanza to where it is addressed to.
---@field events util.events Events of the whole server.
---@field features table<string, boolean> What the server can do, by name.
---@field full_sessions table<string, Session> Clients' sessions, by full JID.
---@field hosts table<string, table> The hosts, by name, with sessions, modules, events …
---@field incoming_s2s table Streams from other servers.
---@field lock_globals fun() Makes setting an undeclared global an error again.
---@field paths table<string, string> Directories: config, data, source, plugins.
---@field platform string "posix".
---@field process_type string "prosody".
---@field reload_config fun(): boolean?, string? Reads the configuration again.
---@field reopen_logfiles fun() Does nothing.
---@field shutdown fun(reason?: string, code?: integer) Ends the server.
---@field start_time number When the server started.
---@field started util.promise Kept when the server has started.
---@field unlock_globals fun() Allows it.
---@field version string The server's version.
local prosody_methods = {}

---A list with methods; those that make another list leave this one as it is.
---@class util.array
local util_array_methods = {}

---Adds a list.
---@param list table
---@return util.array
function util_array_methods:append(list) end

---The values as text.
---@param separator? string
---@return string
function util_array_methods:concat(separator) end

---Leaves what keep wants.
---@param keep fun(value: any): boolean
---@return util.array
function util_array_methods:filter(keep) end

---How many there are.
---@return integer
function util_array_methods:length() end

---Puts f of each value in its place.
---@param f fun(value: any): any
---@return util.array
function util_array_methods:map(f) end

---Puts a field of each value in its place.
---@param key any
---@param default? any
---@return util.array
function util_array_methods:pluck(key, default) end

---Adds a value.
---@param value any
---@return util.array
function util_array_methods:push(value) end

---One of them.
---@return any
function util_array_methods:random() end

---One of the others.
---@param position integer
---@return any
function util_array_methods:random_other(position) end

---Turns it round.
---@return util.array
function util_array_methods:reverse() end

---Puts the values in any order.
---@return util.array
function util_array_methods:shuffle() end

---Leaves a part.
---@param first? integer
---@param last? integer
---@return util.array
function util_array_methods:slice(first, last) end

---Puts the values in order.
---@param less? fun(a: any, b: any): boolean
---@return util.array
function util_array_methods:sort(less) end

---Leaves each value once.
---@return util.array
function util_array_methods:unique() end

---An object with events of its own.
---@class util.events
local util_events_methods = {}

---Hooks an event.
---@param event string
---@param handler function
---@param priority? number
function util_events_methods:add_handler(event, handler, priority) end

---Hooks several.
---@param handlers table<string, function>
function util_events_methods:add_handlers(handlers) end

---Fires an event.
---@param event string
---@param data? any
---@return any
function util_events_methods:fire_event(event, data) end

---Who hooks an event.
---@param event string
---@return function[]?
function util_events_methods:get_handlers(event) end

---Ends a hook.
---@param event string
---@param handler function
function util_events_methods:remove_handler(event, handler) end

---Ends several hooks.
---@param handlers table<string, function>
function util_events_methods:remove_handlers(handlers) end

---A value that will be there later.
---@class util.promise
local util_promise_methods = {}

---Calls if it is broken.
---@param rejected fun(reason: any): any
---@return util.promise
function util_promise_methods:catch(rejected) end

---Calls in either case.
---@param f fun()
---@return util.promise
function util_promise_methods:finally(f) end

---Calls one of them when it is settled.
---@param resolved? fun(value: any): any
---@param rejected? fun(reason: any): any
---@return util.promise
function util_promise_methods:next(resolved, rejected) end

---A set.
---@class util.set
local util_set_methods = {}

---Puts an item in.
---@param item any
function util_set_methods:add(item) end

---Puts the values of a list in.
---@param list table
function util_set_methods:add_list(list) end

---Whether an item is in it.
---@param item any
---@return boolean
function util_set_methods:contains(item) end

---Whether all of another set is in it.
---@param other util.set
---@return boolean
function util_set_methods:contains_set(other) end

---Whether nothing is in it.
---@return boolean
function util_set_methods:empty() end

---Takes another set out.
---@param other util.set
function util_set_methods:exclude(other) end

---Puts another set in.
---@param other util.set
function util_set_methods:include(other) end

---Iterates over the items.
---@return function
function util_set_methods:items() end

---Takes an item out.
---@param item any
function util_set_methods:remove(item) end

---The module that the file is.
---@type module
module = nil

---@type prosody
prosody = nil
