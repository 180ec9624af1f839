namespace Samepage.Conformance.ErrorModel;

/// <summary>What came of a fault: the reason of a refusal, or the type of another exception, and its HRESULT.</summary>
internal readonly record struct Outcome(string What, int HResult)
{
    public static Outcome Allowed { get; } = new("allowed", 0);

    /// <summary>A refusal of the library, with the Win32 code that the model names for it.</summary>
    public static Outcome Refused(FailureReason reason, int code) => Thrown(reason.ToString(), 0x8007_0000 | (uint)code);

    public static Outcome Thrown(string what, uint hresult) => new(what, unchecked((int)hresult));

    public static Outcome Of(Exception? thrown) => thrown switch
    {
        null => Allowed,
        SharedObjectException refused => new Outcome(refused.Reason.ToString(), refused.HResult),
        _ => new Outcome(thrown.GetType().Name, thrown.HResult),
    };

    public override string ToString() => $"{What} 0x{HResult:X8}";
}
