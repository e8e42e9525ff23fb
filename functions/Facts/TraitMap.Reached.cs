using System.Text.Json;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;

namespace LeadFunctions.Facts;

/// <summary>
/// How somebody is reached. A write key in a page is public: whoever knows somebody's user id could have their mail sent to an address of their own. So where a server has said it once, only servers and those who work here
/// say it from then on, whatever the order of arrival.
/// </summary>
internal sealed partial class TraitMap
{
    private const string Firm = "$firm.", ByServer = "$server.";

    private static readonly string[] Reached = ["email", "phone"];

    /// <summary>To be called after the traits of an <c>identify</c> were set.</summary>
    public void NoteReached(LeadEvent e)
    {
        if ((e.IsFromServer == true || e.IsByPeople == true || e.LeadId is not null) && e.Traits.ValueKind == JsonValueKind.Object)
        {
            var at = e.At.ToUnixTimeMilliseconds();
            foreach (var path in Reached.Where(path => e.Traits.TryGetProperty(path, out var said) && said.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)))
            {
                Set(Firm + path, Value.From(e.Traits.GetProperty(path)), at, OwnLimit);
                if (e.IsFromServer == true)
                {
                    Set(ByServer + path, Value.From(true), at, OwnLimit);
                }
            }
        }

        Settle();
    }

    private void Settle()
    {
        foreach (var path in Reached)
        {
            if (_traits.ContainsKey(ByServer + path) && _traits.TryGetValue(Firm + path, out var firm) && !(_traits.TryGetValue(path, out var standing) && standing.Equals(firm)))
            {
                IsChanged |= !standing.Value.Equals(firm.Value);
                _traits[path] = firm;
            }
        }
    }
}
