using System.Text.Json.Nodes;
using LeadFunctions.Access;
using LeadFunctions.Facts;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Leads.Api;

/// <summary>Companies, as their known leads make them.</summary>
public sealed class CompanyFunctions(LeadReader leads, TimeProvider time)
{
    private const string Prefix = "company.";

    /// <summary>Leads whose word for the company is asked: those who do most.</summary>
    private const int Asked = 20;

    /// <summary>By the engagement of all their leads together, highest first.</summary>
    [Function(nameof(ListCompanies)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListCompanies([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/companies")] HttpRequest request, CancellationToken cancellationToken)
    {
        var asked = SearchRequest<Position>.Parse(request.Query);
        if (asked.Problem is { } problem)
        {
            return problem;
        }

        // As of the first page, so that decay between two pages moves nobody.
        var asOf = asked.After is null ? time.GetUtcNow() : DateTimeOffset.FromUnixTimeMilliseconds(asked.After.AsOf);
        var found = (await leads.CompaniesAsync(null, asOf, cancellationToken))
            .Where(company => asked.After is null || IsAfter(company, asked.After))
            .Where(company => asked.Words.Length == 0 || Names(company, asked.Words))
            .OrderByDescending(company => company.Engagement).ThenBy(company => company.Key, StringComparer.Ordinal)
            .Take(asked.Limit + 1).ToList();
        return WebJson.Ok(new Page<ListedCompany>(
            [.. found.Take(asked.Limit).Select(ListedCompany.Of)], found.Count > asked.Limit ? Cursor.Encode(new Position(asOf.ToUnixTimeMilliseconds(), found[asked.Limit - 1].Engagement, found[asked.Limit - 1].Key)) : null));
    }

    [Function(nameof(GetCompany)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> GetCompany(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/companies/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if ((await leads.CompaniesAsync(id, time.GetUtcNow(), cancellationToken)).SingleOrDefault() is not { } company)
        {
            return Problems.NotFound("The company");
        }

        var (rows, _) = await leads.ListAsync(new ListingQuery(new ListingFilter(Company: id), ListingOrder.Engagement, Asked), null, cancellationToken);
        var read = await Task.WhenAll(rows.Select(row => leads.FindAsync(row.Lead.Id, cancellationToken)));
        return WebJson.Ok(new ShownCompany(ListedCompany.Of(company), TraitsOf(read.OfType<LeadState>()), [.. rows.Select(ListedLeadAnswer.Of)]));
    }

    /// <summary>What its leads say of it; of several the one that was said last.</summary>
    private static JsonObject TraitsOf(IEnumerable<LeadState> said) => LeadAnswer.Nested(
        said.SelectMany(lead => lead.Whole.Traits.All).Where(trait => trait.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .GroupBy(trait => trait.Key[Prefix.Length..], trait => trait.Value)
            .Select(trait => (trait.Key, trait.Aggregate((one, other) => Trait.Latest(Prefix + trait.Key, one, other)).Value)));

    private static bool IsAfter(Company company, Position after) =>
        company.Engagement < after.Engagement || (company.Engagement.Equals(after.Engagement) && string.CompareOrdinal(company.Key, after.Key) > 0);

    private static bool Names(Company company, byte[][] words)
    {
        var name = FoldedText.Bytes(company.Name ?? company.Key);
        return Array.TrueForAll(words, word => FoldedText.AnyWordStartsWith(name, word));
    }

    internal sealed record Position(long AsOf, double Engagement, string Key);
}

/// <param name="Id">What <c>group</c> calls it; of one that nobody grouped, <c>~</c> and its name.</param>
/// <param name="Leads">Known ones.</param>
/// <param name="Engagement">Of all of them together.</param>
internal sealed record ListedCompany(string Id, string? Name, int Leads, double Engagement, DateTimeOffset? LastSeen, IReadOnlyDictionary<string, int> Stages, IReadOnlyList<string> Owners)
{
    public static ListedCompany Of(Company company) => new(
        company.Key, company.Name, company.Leads, Math.Round(company.Engagement, 2), company.LastSeen > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(company.LastSeen) : null, company.Stages, company.Owners);
}

/// <param name="Traits">As they were said last, of those of its leads who do most.</param>
/// <param name="MostEngaged">The first of its leads; <c>GET /api/leads?company=</c> has all.</param>
internal sealed record ShownCompany(ListedCompany Company, JsonObject Traits, IReadOnlyList<ListedLeadAnswer> MostEngaged);
