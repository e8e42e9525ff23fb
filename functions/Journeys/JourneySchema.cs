namespace LeadFunctions.Journeys;

/// <summary>The JSON Schema of a journey, for editors. Written by hand; a test holds it against the parser.</summary>
internal static class JourneySchema
{
    private static readonly Lazy<byte[]> Text = new(() =>
    {
        using var stream = typeof(JourneySchema).Assembly.GetManifestResourceStream("schemas/journey.json")!; // embedded by the project
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    });

    public static byte[] Json => Text.Value;
}
