namespace LeadFunctions.Benchmarks;

/// <summary>What a page of a shop sends: one event, of a visitor that was never seen.</summary>
internal static class Beacons
{
    private const string Path = "/collect?k=local-write-key";
    private const string Headers = "Content-Type: text/plain\r\nOrigin: https://shop.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36\r\n";

    /// <param name="run">Tells these visitors from those of other runs.</param>
    public static List<byte[]> Requests(Uri address, string run, int count, string path = Path) =>
        [.. Enumerable.Range(0, count).Select(n => Load.Post(address, path, Headers, Body(run, n)))];

    public static string Visitor(string run, int n) => $"{run}-{n}";

    private static string Body(string run, int n) =>
        $$$"""{"type":"track","messageId":"{{{run}}}{{{n}}}","anonymousId":"{{{Visitor(run, n)}}}","event":"Product Viewed","properties":{"productId":"p{{{n % 40}}}","price":19.5,"currency":"EUR","category":"Shoes"},"context":{"page":{"url":"https://shop.example/p/{{{n % 40}}}","path":"/p/{{{n % 40}}}","title":"Shoes"},"locale":"en"}}""";
}
