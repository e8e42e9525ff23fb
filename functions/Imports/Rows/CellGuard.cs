namespace LeadFunctions.Imports.Rows;

/// <summary>
/// A spreadsheet takes a cell that begins with = + - or @ for a formula, and runs what a visitor typed into a form. Such a text goes out with an apostrophe before it, which shows it as text; coming in again it
/// loses the apostrophe. A text that had one already gets one more, so that every text comes back as it was.
/// </summary>
internal static class CellGuard
{
    public static string Guard(string text) => IsDangerous(text) ? "'" + text : text;

    public static string Unguard(string text) => text is ['\'', ..] && IsDangerous(text) ? text[1..] : text;

    private static bool IsDangerous(string text) => text.AsSpan().TrimStart('\'') is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20', ..];
}
