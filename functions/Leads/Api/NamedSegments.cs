using LeadFunctions.Interests;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform.Http;

namespace LeadFunctions.Leads.Api;

/// <summary>
/// Tells a segment in which nobody is from one that does not exist: whoever misspells a name is to hear of it, and not to go on with an empty file. A list needs no definition, so it exists while somebody is on it.
/// </summary>
public sealed class NamedSegments(LeadReader leads, LeadScan everybody, RulesInEffect rules)
{
    /// <summary>Null when there is one of this name; else the answer. Quick for a published segment and for a list of known people.</summary>
    /// <param name="anonymous">Anonymous people count too; to find that only they are on a list takes a look at everybody.</param>
    internal async Task<ProblemResult?> RefuseAsync(string name, bool anonymous, CancellationToken cancellationToken)
    {
        var known = rules.Current.Segments;
        if (known.IsLive(name)
            || (await leads.ListAsync(new(new(Segment: name), ListingOrder.Newest, 1), null, cancellationToken)).Rows.Count > 0
            || (anonymous && await everybody.ReadAsync(null, new([], InterestRules.None), cancellationToken).AnyAsync(lead => lead.SegmentNames(known).Contains(name), cancellationToken)))
        {
            return null;
        }

        return Problems.NotFound("The segment", $"No segment \"{name}\" is published, and nobody is on a list of that name. GET /api/segments shows the segments; a draft has nobody before it is published.");
    }
}
