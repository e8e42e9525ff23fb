namespace LeadFunctions.Access;

/// <summary>Whether somebody could guess a key: long ones can be trivial too. Random ones never are (a test makes thousands).</summary>
internal static class KeyStrength
{
    private const int LeastSurprises = 10;
    private const int LeastDistinct = 8;
    private const int Repeat = 3;

    /// <summary>What people write where a secret belongs.</summary>
    private static readonly string[] Words =
    [
        "leadfunctions", "functions", "password", "passwort", "passphrase", "changeme", "change", "secret", "default", "example", "sample", "letmein", "welcome", "develop", "production",
        "admin", "write", "local", "azure", "leads", "lead", "token", "test", "your", "please", "this", "here", "key", "api", "the", "me",
    ];

    private static readonly string[] Rows = ["1234567890", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm"];

    public static bool IsTrivial(string key)
    {
        var rest = Words.Aggregate(key.ToLowerInvariant(), (text, word) => text.Replace(word, "", StringComparison.Ordinal));
        return rest.Distinct().Count() < LeastDistinct || Enumerable.Range(0, rest.Length).Count(i => Surprises(rest, i)) < LeastSurprises;
    }

    /// <summary>Not what comes after the character before it in the alphabet or on the keyboard, nor the end of something that stood there already.</summary>
    private static bool Surprises(string text, int i)
    {
        if (i == 0)
        {
            return true;
        }

        var (before, c) = (text[i - 1], text[i]);
        return Math.Abs(before - c) > 1
            && !Rows.Any(row => row.IndexOf(before, StringComparison.Ordinal) is >= 0 and var at && row.IndexOf(c, StringComparison.Ordinal) is >= 0 and var next && Math.Abs(at - next) == 1)
            && !(i >= Repeat && text.IndexOf(text[(i - Repeat + 1)..(i + 1)], StringComparison.Ordinal) < i - Repeat + 1);
    }
}
