using LeadFunctions.Events;
using LeadFunctions.Forms;

namespace LeadFunctions.Leads.Identities;

/// <summary>What is told of people who were erased, and what they do by themselves.</summary>
internal static class ErasedPeople
{
    /// <summary>
    /// What names an erased person is nobody's, whoever tells it. A browser of theirs may be somebody else's too: then it goes by the other name alone. A form is different: whoever sends one by themselves
    /// is back, as somebody of whom nothing was known before.
    /// </summary>
    /// <param name="sightings">Of the event's identities, strongest first.</param>
    /// <returns>Those that the event may go by; none: it is not applied.</returns>
    public static List<Sighting> Sift(LeadEvent e, List<Sighting> sightings)
    {
        if (!sightings.Exists(IsErased))
        {
            return sightings;
        }

        var named = sightings.FindAll(sighting => sighting.Identity.Kind != IdentityKind.Anonymous);
        var isByForm = FormEvents.IsOne(e);
        if (named.Find(IsErased) is { Person.LeadId: var back })
        {
            // Only what leads there, or nowhere: with another lead it becomes one when the next event says so.
            return isByForm ? sightings.FindAll(sighting => sighting.Person is null || sighting.Person.LeadId == back) : [];
        }

        return named.Count > 0 ? sightings.FindAll(sighting => !IsErased(sighting)) : isByForm ? sightings : [];
    }

    public static bool IsErased(Sighting sighting) => sighting.Person?.State?.IsErased == true;
}
