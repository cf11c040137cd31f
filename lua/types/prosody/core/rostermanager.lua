---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Rosters. Contacts are bare JIDs.
---@class core.rostermanager.library
local lib = {}

---Adds or changes an item.
---@param session Session
---@param contact string
---@param item table
---@return boolean?
---@return string?
---@return string?
function lib.add_to_roster(session, contact, item) end

---Whether the contact's request waits for an answer.
---@param username string
---@param host string
---@param contact string
---@return boolean
function lib.is_contact_pending_in(username, host, contact) end

---Whether the user's request waits for an answer.
---@param username string
---@param host string
---@param contact string
---@return boolean
function lib.is_contact_pending_out(username, host, contact) end

---Whether a request of the contact is approved in advance.
---@param username string
---@param host string
---@param contact string
---@return boolean
function lib.is_contact_preapproved(username, host, contact) end

---Whether the contact sees the user's presence.
---@param username string
---@param host string
---@param contact string
---@return boolean
function lib.is_contact_subscribed(username, host, contact) end

---Whether the user sees the contact's presence.
---@param username string
---@param host string
---@param contact string
---@return boolean
function lib.is_user_subscribed(username, host, contact) end

---A copy of a roster: contact to item; [false] has its version.
---@param username string
---@param host string
---@return table?
---@return string?
function lib.load_roster(username, host) end

---The contact has approved.
---@param username string
---@param host string
---@param contact string
---@return boolean?
function lib.process_inbound_subscription_approval(username, host, contact) end

---The contact has cancelled.
---@param username string
---@param host string
---@param contact string
---@return boolean?
function lib.process_inbound_subscription_cancellation(username, host, contact) end

---The contact does not want to see the presence.
---@param username string
---@param host string
---@param contact string
---@return boolean?
function lib.process_inbound_unsubscribe(username, host, contact) end

---The user approves.
---@param username string
---@param host string
---@param contact string
---@return boolean?
function lib.process_outbound_subscription_approval(username, host, contact) end

---The user asks.
---@param username string
---@param host string
---@param contact string
---@return boolean?
function lib.process_outbound_subscription_request(username, host, contact) end

---Removes an item.
---@param session Session
---@param contact string
---@return boolean?
---@return string?
---@return string?
function lib.remove_from_roster(session, contact) end

---Tells the user's clients about an item.
---@param username string
---@param host string
---@param contact string
function lib.roster_push(username, host, contact) end

---Writes a roster, or one item of it, back.
---@param username string
---@param host string
---@param roster? table
---@param contact? string
---@return boolean?
---@return string?
function lib.save_roster(username, host, roster, contact) end

---The contact has asked.
---@param username string
---@param host string
---@param contact string
---@param stanza? Stanza
---@return boolean?
function lib.set_contact_pending_in(username, host, contact, stanza) end

---The user has asked.
---@param username string
---@param host string
---@param contact string
---@return boolean?
function lib.set_contact_pending_out(username, host, contact) end

---The user lets the contact see the presence.
---@param username string
---@param host string
---@param contact string
---@return boolean?
function lib.subscribed(username, host, contact) end

---The user does not want to see the contact's presence.
---@param username string
---@param host string
---@param contact string
---@return boolean?
function lib.unsubscribe(username, host, contact) end

---The user does not let the contact see the presence.
---@param username string
---@param host string
---@param contact string
---@return boolean?
function lib.unsubscribed(username, host, contact) end

return lib
