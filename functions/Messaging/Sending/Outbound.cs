using System.Text.Json;
using LeadFunctions.Conditions;
using NodaTime;

namespace LeadFunctions.Messaging.Sending;

/// <summary>A message that may go out, with all that it can be filled in with.</summary>
/// <param name="Message">As it is where no template says otherwise.</param>
/// <param name="Lead">As the sender sees it.</param>
/// <param name="Data">JSON objects by the name under which templates know them: <c>trigger</c>, <c>saved</c>, <c>data</c>, <c>run</c>.</param>
/// <param name="Subject">Liquid, in place of the template's; null: the template's.</param>
internal sealed record Outbound(OutgoingMessage Message, ILeadFacts Lead, DateTimeZone Zone, IReadOnlyDictionary<string, JsonElement> Data, string? Campaign = null, string? Subject = null);
