using System.IO;
using System.Reflection;
using Microsoft.Build.Framework;

/// <summary>Copies one embedded resource of a managed assembly to a file. Loaded from bytes, so that the package's file is never locked.</summary>
public class ExtractManagedResource : Microsoft.Build.Utilities.Task
{
    [Required]
    public string Source { get; set; }

    [Required]
    public string Resource { get; set; }

    [Required]
    public string Output { get; set; }

    public override bool Execute()
    {
        using (var resource = Assembly.Load(File.ReadAllBytes(Source)).GetManifestResourceStream(Resource))
        {
            if (resource == null)
            {
                Log.LogError("{0} holds no resource {1}", Source, Resource);
                return false;
            }

            using (var output = File.Create(Output))
            {
                resource.CopyTo(output);
            }

            return true;
        }
    }
}
