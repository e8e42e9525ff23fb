using System.IO.Enumeration;

namespace LeadFunctions.OnSite;

/// <summary>Pages by their path (<c>/pricing*</c>) or by site and path (<c>https://shop.example/cart/*</c>); <c>*</c> stands for any text. What follows <c>?</c> or <c>#</c> in an address is no part of it.</summary>
internal readonly record struct PagePattern(string Text)
{
    public const string Expected = "a path such as /pricing or /blog/*, or with its site: https://shop.example/cart*";

    public const int Longest = 300;

    public static bool IsOne(string? text) =>
        text is { Length: > 0 and <= Longest } && (text[0] == '/' || text.StartsWith("https://", StringComparison.Ordinal) || text.StartsWith("http://", StringComparison.Ordinal))
        && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '?' or '#' or '\\' or '"' or '<' or '>');

    public bool Matches(Uri page) => FileSystemName.MatchesSimpleExpression(Text, Text[0] == '/' ? page.AbsolutePath : page.GetLeftPart(UriPartial.Path));
}
