namespace LeadFunctions.Leads.Listing;

/// <summary>When a log is worth folding.</summary>
internal static class ListingUpkeep
{
    /// <summary>Fewer are read in one request.</summary>
    private const int FewRows = 500;
    private const int ManyRows = 4_000;

    /// <param name="rows">That would be deleted.</param>
    /// <param name="changes">In them.</param>
    /// <param name="leads">In the snapshot that there is: a new one writes them all.</param>
    public static bool IsLong(int rows, int changes, int leads) => rows >= FewRows && (rows >= ManyRows || changes >= leads / 4);
}
