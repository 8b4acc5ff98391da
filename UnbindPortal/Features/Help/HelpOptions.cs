using System.ComponentModel.DataAnnotations;

namespace UnbindPortal.Features.Help;

/// <summary>Where an operator keeps help texts of their own, and how much of them is accepted (section <c>Help</c>).</summary>
public sealed class HelpOptions
{
    /// <summary>The configuration section these options are read from.</summary>
    public const string Section = "Help";

    /// <summary>
    /// Folder with <c>zh-CN/</c> and <c>en/</c> below it, each holding <c>topic-id.txt</c> files that win over the built-in texts.
    /// A relative path starts at the content root. Empty (the default): built-in texts only.
    /// </summary>
    public string? Folder { get; set; }

    /// <summary>Seconds between two looks at the folder; 0 looks at every request. 0–3600.</summary>
    [Range(0, 3600, ErrorMessage = "Help:RecheckSeconds must be between 0 and 3600.")]
    public int RecheckSeconds { get; set; } = 2;

    /// <summary>The largest file accepted, in bytes. 1,024–1,048,576.</summary>
    [Range(1024, 1_048_576, ErrorMessage = "Help:MaxFileBytes must be between 1024 and 1048576.")]
    public int MaxFileBytes { get; set; } = 65_536;

    /// <summary>How many files of one language are read; the rest, in name order, are ignored. 1–500.</summary>
    [Range(1, 500, ErrorMessage = "Help:MaxFiles must be between 1 and 500.")]
    public int MaxFiles { get; set; } = 100;
}
