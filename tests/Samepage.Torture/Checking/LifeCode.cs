namespace Samepage.Torture.Checking;

internal enum LifeCode
{
    /// <summary>The result is the mark of the section that was found or made, the detail 1 if it was made.</summary>
    Open,

    /// <summary>The argument is the mark.</summary>
    Close,
}
