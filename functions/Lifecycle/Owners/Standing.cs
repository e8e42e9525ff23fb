using System.Globalization;
using Azure.Data.Tables;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Lifecycle.Owners;

/// <summary>Whose a lead is and where it stands, as far as sales has been told.</summary>
/// <param name="Owner">Empty: nobody's.</param>
/// <param name="OwnerSaid">The number of the lead's effect that said so last; what comes later with a smaller one is old.</param>
/// <param name="Stage">Empty: it was merged into another.</param>
/// <param name="StageSaid">Likewise.</param>
/// <param name="Stay">The last stay for which an owner was found.</param>
internal sealed record Standing(string Owner, long OwnerSaid, string Stage, long StageSaid, int Stay)
{
    public static Standing Of(TableEntity? row) => row is null ? new("", 0, Stages.Lead, 0, 0) : new(
        row.GetString("Owner") ?? "", row.GetInt64("OwnerSaid") ?? 0, row.GetString("Stage") ?? Stages.Mql, row.GetInt64("StageSaid") ?? 0, row.GetInt32("Stay") ?? 0); // earlier builds kept none but those in hand

    public static long NumberOf(LeadEffect effect) =>
        long.TryParse(effect.Id.AsSpan(effect.Id.LastIndexOf('.') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>For which an owner is wanted.</summary>
    public static int StayOf(LeadEffect wanted) => int.Parse(wanted.To ?? "0", CultureInfo.InvariantCulture);

    public Standing With(long number, string? owner, string? stage) => this with
    {
        Owner = owner is not null && number > OwnerSaid ? owner : Owner,
        OwnerSaid = owner is not null && number > OwnerSaid ? number : OwnerSaid,
        Stage = stage is not null && number > StageSaid ? stage : Stage,
        StageSaid = stage is not null && number > StageSaid ? number : StageSaid,
    };

    /// <summary>Whether what was wanted then still is: nobody has decided whose it is since, nor taken it out of sales' hands.</summary>
    public bool MayHave(LeadEffect wanted, Func<string, bool> isOpen) =>
        Stay < StayOf(wanted) && OwnerSaid <= NumberOf(wanted) && (StageSaid <= NumberOf(wanted) || isOpen(Stage));

    /// <summary>Who is busy with it; empty: nobody.</summary>
    public string Busy(Func<string, bool> isOpen) => isOpen(Stage) ? Owner : "";

    public void Write(TableEntity row)
    {
        row["Owner"] = Owner;
        row["OwnerSaid"] = OwnerSaid;
        row["Stage"] = Stage;
        row["StageSaid"] = StageSaid;
        row["Stay"] = Stay;
    }
}
