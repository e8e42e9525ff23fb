using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using NodaTime;
using NodaTime.Text;

namespace LeadFunctions.Calendar;

/// <summary>One number of a calendar's day: of what, and of which. A value: each that is counted is compared with the one that is asked for.</summary>
/// <param name="Step">Of sends: where the people stand; null: they have yet to enter.</param>
internal readonly record struct AskedPlan(LocalDate Day, string Of, string? Journey = null, string? Step = null, string? Template = null, string? Campaign = null)
{
    private const string Sends = "sends";
    private const string Dates = "dates";
    private const string Over = "over";
    private const string Campaigns = "campaign";

    /// <summary>What has to be said of each; a step may be.</summary>
    private static readonly IReadOnlyDictionary<string, string[]> Required = new Dictionary<string, string[]> { [Sends] = ["journey", "template"], [Dates] = ["journey"], [Over] = [], [Campaigns] = ["campaign"] };

    public static AskedPlan OfSends(LocalDate day, string journey, string? step, string template) => new(day, Sends, journey, step, template);

    public static AskedPlan OfDates(LocalDate day, string journey) => new(day, Dates, journey);

    public static AskedPlan OfOver(LocalDate day) => new(day, Over);

    public static AskedPlan OfCampaign(LocalDate day, string campaign) => new(day, Campaigns, Campaign: campaign);

    /// <summary>All mistakes at once; null when there is one.</summary>
    public static AskedPlan? Parse(IQueryCollection query, List<FieldError> errors)
    {
        errors.AddRange(KnownQuery.Check(query, "day", "of", "journey", "step", "template", "campaign", "cursor", "limit"));
        if (!LocalDatePattern.Iso.Parse(query["day"].ToString()).TryGetValue(default, out var day) || day.Year is <= 1900 or >= 9000)
        {
            errors.Add(new("day", "This is no day.", "a day such as 2026-03-31"));
        }

        var of = query["of"].ToString();
        if (!Required.TryGetValue(of, out var required))
        {
            errors.Add(new("of", "There is no such number.", string.Join(", ", Required.Keys)));
            return null;
        }

        errors.AddRange(KnownQuery.CheckOf(query, of, $"as the calendar says it of \"{of}\"", ["journey", "step", "template", "campaign"], required, of == Sends ? ["step"] : []));
        return errors.Count > 0 ? null : new(day, of, Text("journey"), Text("step"), Text("template"), Text("campaign"));

        string? Text(string name) => query.TryGetValue(name, out var text) ? text.ToString() : null;
    }
}
