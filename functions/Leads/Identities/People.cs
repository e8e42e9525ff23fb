using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Identities;

/// <summary>
/// Who the leads of one pass are: by what is stored, and by what the pass has decided so far. So an event is judged as if those before it in the batch had been applied already,
/// and it does not matter how events are cut into batches.
/// </summary>
internal sealed class People
{
    private readonly Dictionary<string, Person> _known = [];

    /// <summary>Lead to the one that it is about to be merged into.</summary>
    private readonly Dictionary<string, string> _moving = [];

    public bool IsMoving(string leadId) => _moving.ContainsKey(leadId);

    /// <param name="placed">What this pass has placed at the lead before anybody asked who it is.</param>
    public Person Meet(FoundLead found, IEnumerable<Arrival> placed)
    {
        var leadId = found.LeadId;
        while (_moving.TryGetValue(leadId, out var into))
        {
            leadId = into;
        }

        if (!_known.TryGetValue(leadId, out var person))
        {
            person = placed.Where(arrival => arrival.Event.LeadId is null).Aggregate(found.Person, (known, arrival) => known.With(KnownAs.Of(arrival.Identities), arrival.Event.At));
            _known[leadId] = person;
        }

        return person;
    }

    /// <summary>The lead gets these names, or does something else, at that time.</summary>
    public void Note(string leadId, KnownAs names, DateTimeOffset at)
    {
        if (_known.TryGetValue(leadId, out var person))
        {
            _known[leadId] = person.With(names, at);
        }
    }

    public void Found(string leadId, KnownAs names, DateTimeOffset at) => _known[leadId] = Person.Of(leadId, KnownAs.Nobody).With(names, at);

    public void Join(Person stays, IEnumerable<Person> go)
    {
        foreach (var person in go)
        {
            stays = stays.With(person);
            _moving[person.LeadId] = stays.LeadId;
        }

        _known[stays.LeadId] = stays;
    }
}
