using FsCheck;
using FsCheck.Fluent;
using Samepage.Platform;

namespace Samepage.Tests.Platform;

public sealed class ObjectNameTests
{
    [Theory]
    [InlineData("x", SharedObjectScope.Local, "x", "x")]
    [InlineData(@"Local\x", SharedObjectScope.Local, "x", "x")]
    [InlineData(@"Global\x", SharedObjectScope.Global, "x", @"Global\x")]
    [InlineData("Global", SharedObjectScope.Local, "Global", "Global")]
    [InlineData("Local", SharedObjectScope.Local, "Local", "Local")]
    [InlineData("Global/x", SharedObjectScope.Local, "Global/x", "Global/x")]
    public void A_name_is_split_into_scope_and_rest(string name, object scope, string bare, string found)
    {
        ObjectName parsed = ObjectName.Parse(name);
        Assert.Equal((name, (SharedObjectScope)scope, bare), (parsed.Full, parsed.Scope, parsed.Bare));
        Assert.Equal(found, ObjectName.Found(parsed.Scope, parsed.Bare).Full);
        Assert.Equal(name, parsed.ToString());
    }

    [Fact]
    public void Any_text_is_either_a_name_or_refused_with_an_argument_exception()
    {
        Prop.ForAll(Names.AnyText, text =>
        {
            try
            {
                ObjectName name = ObjectName.Parse(text);
                return name.Full == text && name.Bare.Length > 0 && text.EndsWith(name.Bare, StringComparison.Ordinal)
                    && text.Length <= ObjectName.MaximumLength && name.Bare.IndexOfAny(['\\', '\0']) < 0
                    && ObjectName.Parse(ObjectName.Found(name.Scope, name.Bare).Full).Bare == name.Bare;
            }
            catch (ArgumentException e)
            {
                return e.ParamName == "name" && !e.Message.Contains('\0', StringComparison.Ordinal) && e.Message.Length < 500;
            }
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(2_000));
    }

    [Fact]
    public void What_is_refused_is_what_the_rules_refuse()
    {
        Prop.ForAll(Names.AnyText, text =>
        {
            string bare = text.StartsWith(@"Global\", StringComparison.Ordinal) ? text[7..]
                : text.StartsWith(@"Local\", StringComparison.Ordinal) ? text[6..] : text;
            bool wellFormed = true;
            try
            {
                _ = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(bare);
            }
            catch (ArgumentException)
            {
                wellFormed = false;
            }
            bool allowed = text.Length <= 260 && bare.Length > 0 && wellFormed && bare.IndexOfAny(['\\', '\0']) < 0;
            return allowed == (Record.Exception(() => ObjectName.Parse(text)) is null);
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(2_000));
    }
}

/// <summary>Texts that could be names, with what makes them difficult.</summary>
internal static class Names
{
    private static readonly string[] _pieces =
        ["a", "B", "9", ".", "..", "/", "%", "%41", "~", " ", "-", "_", "\\", "\0", "\n", "é", "e\u0301", "漢", "💩", "\ud83d", "\udca9", "\ufffd", @"Global\", @"Local\", "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"];

    public static Arbitrary<string> AnyText { get; } = (
        from length in Gen.Choose(0, 40)
        from pieces in Gen.Elements(_pieces).ArrayOf(length)
        from prefix in Gen.Elements("", "", "", @"Global\", @"Local\")
        select prefix + string.Concat(pieces)).ToArbitrary();

    /// <summary>Names that pass the rules, without a prefix.</summary>
    public static Arbitrary<string> Bare { get; } = AnyText.Generator
        .Select(text => new string([.. text.Where(c => c is not ('\\' or '\0') && !char.IsSurrogate(c))]))
        .Where(text => text.Length is > 0 and <= 260)
        .ToArbitrary();
}
